"""Data + a Word template → a Word file, in a child process with limits. Word 文件填充."""
