"""What a person says about a deployment."""
