"""What happened and who looked: the logs of the house, to search and to show to the people concerned."""
