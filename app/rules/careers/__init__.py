"""The Work-Ready Report Card and the labour market behind it."""
