// A module that imports itself, and loops.
// outcome: cpu

import(import.meta.url).then(() => {
  while (true);
});
