"""One module per command or group of commands; its name is the command's, its first line the help. Imported when the command runs."""
