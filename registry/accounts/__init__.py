"""Users, roles, sign-in, second factors, sessions; the pages of the three administrators. 用户与登录."""
