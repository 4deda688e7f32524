"""How well does the test measure? Plain numbers from what a study gave."""
