// A loop without an end.
// outcome: cpu

while (true);
