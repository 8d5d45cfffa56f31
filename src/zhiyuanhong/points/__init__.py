"""Points and stars: policy file, fact tables, measures, engines. No Django inside."""
