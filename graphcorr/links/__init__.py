"""What joins facts: written files to their versions, executions to the version that they ran, versions to who wrote them."""
