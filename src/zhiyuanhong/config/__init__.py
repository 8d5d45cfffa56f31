"""Settings, root urls and the server entry; the only place that reads the environment."""
