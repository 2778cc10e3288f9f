"""What a picture, film, sound or document shows, and what happens to it; faces are counted, never recognised."""
