"""What does a reviewer read about one item: figures, drawings, a verdict in plain Indonesian?"""
