"""Who may do what to which row: permissions, scope, sign-in."""
