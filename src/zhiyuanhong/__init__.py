"""志愿红: community volunteering, from a street's 办法 to a volunteer's star."""

__version__ = "0.1.0"
