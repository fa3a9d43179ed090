console.log(typeof setTimeout, typeof console);
