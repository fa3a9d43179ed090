const n = 1;
nothingOfTheKind(n);
