"""The processes of one hub: its web server and worker, and who looks after them."""
