"""What is done with an import: taking a file in, checking it, entering it, taking it back. 导入办理."""
