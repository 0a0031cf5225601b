"""Pages on which administrators give people accounts and roles; above the kernel's registry."""
