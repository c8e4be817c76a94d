"""HTML → PDF in a child process with limits. 排版."""
