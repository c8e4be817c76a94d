"""What is done with visits: planning, recording, findings that become tasks. 走访办理."""
