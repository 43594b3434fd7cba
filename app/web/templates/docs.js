SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#browser",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null,
});
