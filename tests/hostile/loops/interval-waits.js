// Waiting without an end computes nothing; the clock ends it.
// outcome: wall

setInterval(() => {}, 50);
