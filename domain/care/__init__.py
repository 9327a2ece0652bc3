"""Care: rules over what the bank knows of its customers, and what they find worth a step."""
