"""School–locality cooperation registry 校地合作协议登记系统."""
