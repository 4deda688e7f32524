"""Official documents: what each kind says, issuing, replacing, withdrawing and checking them."""
