"""What each package's records say of a relationship, and how they stand in its timeline. 关系的各类来源."""
