"""The command line: each file a family of commands; thin, so that everything is reachable without it too."""
