"""What people are told: inbox, e-mail with a fixed message id, digest, quiet hours."""
