"""表彰: star certificates, and the proof that they are true."""
