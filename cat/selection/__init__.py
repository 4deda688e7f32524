"""Which item next? A criterion ranks the items, the blueprint limits them, exposure draws one."""
