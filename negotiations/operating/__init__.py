"""What whoever runs Readout uses: logs, health, numbers, the doctor, the operators' page.

Knows all other rooms; none of them knows it.
"""
