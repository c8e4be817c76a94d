"""`flask registry …`: commands for whoever runs the registry, one file a subject. 命令行."""
