"""What is P(answer | theta)? Logistic metric, D = 1; axes are persons J, items I, categories K."""
