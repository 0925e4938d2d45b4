"""What an operator keeps a site safe with: backup and restore. No other room knows this one."""
