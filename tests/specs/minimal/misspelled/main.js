function format(list) {
  return consol.format(list);
}
format([]);
