"""`python -m zhiyuanhong` does what `zhiyuanhong` does."""

from zhiyuanhong.commands.main import main

if __name__ == "__main__":
    main()
