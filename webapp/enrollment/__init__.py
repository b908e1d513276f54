"""The enrollment of a provider organization, as its own people see it: applicant, coordinator, signer."""
