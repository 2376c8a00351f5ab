"""What is judged, as the tests see it: submissions go in, accounts pay for them, tasks come of them."""
