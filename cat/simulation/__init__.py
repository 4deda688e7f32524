"""What would happen with thousands of simulees?"""
