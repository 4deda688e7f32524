"""What does a whole nation's selection come to?"""
