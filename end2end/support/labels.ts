// The accessible names of the controls, in both languages.

export type Language = 'es' | 'en';

export const labels = {
  es: {
    canvas: 'Lienzo para dibujar un dígito',
    undo: 'Deshacer',
    clear: 'Borrar',
    askServer: 'Preguntar al servidor',
    upload: 'Subir imagen',
    copyAs: 'Copiar como código',
    pens: 'Grosor',
    pen: { thin: 'Fino', medium: 'Medio', thick: 'Grueso' },
    otherLanguage: 'English',
  },
  en: {
    canvas: 'Canvas to draw a digit',
    undo: 'Undo',
    clear: 'Clear',
    askServer: 'Ask the server',
    upload: 'Upload a picture',
    copyAs: 'Copy as code',
    pens: 'Pen width',
    pen: { thin: 'Thin', medium: 'Medium', thick: 'Thick' },
    otherLanguage: 'Español',
  },
} as const;
