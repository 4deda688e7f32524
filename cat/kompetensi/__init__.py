"""What is known of a person's competencies: the dictionary, the evidence, and what it comes to."""
