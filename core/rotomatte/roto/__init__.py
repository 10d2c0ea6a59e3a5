"""From an artist's prompts to mattes: planning, tracking, joining, and what there is to say of the result."""
