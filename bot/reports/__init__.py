"""What pupils tell privately, and the talk that follows."""
