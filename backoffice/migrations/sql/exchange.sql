-- Rows of an import stay inside the company of their import.
SELECT backoffice_add_company_fk('backoffice_import_row', 'data_import_id', 'backoffice_data_import');
