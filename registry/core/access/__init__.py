"""Who may do what, and who sees what: roles, actions, the policy table, decisions, scope. 权限与数据范围."""
