const answer = fetch("http://localhost/");
