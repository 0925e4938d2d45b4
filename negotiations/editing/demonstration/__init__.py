"""An invented process, large enough to show what Readout does: marked as such, never mixed with real
records. `words` has its sentences, `cast` who is in it, `story` what happens, `loading` writes it."""
