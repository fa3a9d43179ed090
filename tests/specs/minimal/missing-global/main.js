const delay = 1;
setTimeout(() => {}, delay);
