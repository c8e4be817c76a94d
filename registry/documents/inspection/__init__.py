"""What strangers upload is looked at here, in a child process with limits. 上传检查."""
