"""What `frontdesk doctor` looks at, one file each: this machine, the store, the servers, the domain."""
