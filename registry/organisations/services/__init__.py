"""What people do with organisations and contacts. 单位与联系人业务."""
