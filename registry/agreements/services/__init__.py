"""What people do with agreements, one verb a function; each runs inside the caller's transaction. 协议业务."""
