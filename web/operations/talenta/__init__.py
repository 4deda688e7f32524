"""What the platform does about talent: standards, performance, training, and what they come to."""
