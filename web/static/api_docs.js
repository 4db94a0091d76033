// Swagger UI for /api/docs. A file of its own: the page's policy allows no script inside it.
"use strict";

addEventListener("DOMContentLoaded", () => {
  const docs = document.getElementById("docs");
  SwaggerUIBundle({
    domNode: docs,
    url: docs.dataset.schema,
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    validatorUrl: null, // the schema does not leave this machine
  });
});
